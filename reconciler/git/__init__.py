"""git, asked through its plumbing commands: nothing of the user's repository is ever changed."""
