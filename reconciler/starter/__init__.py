"""What `init` puts into a repository."""
