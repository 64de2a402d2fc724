"""What a branch changes: the manifests of its merge base beside those of the work tree."""
