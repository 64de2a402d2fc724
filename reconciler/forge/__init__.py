"""GitHub and GitLab: comments, issues, and which change a commit came from."""
