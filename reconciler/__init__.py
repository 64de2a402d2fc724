"""GitOps for UCloud SMS signatures."""

__version__ = "0.1.0"
