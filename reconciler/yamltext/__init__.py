"""From bytes to plain values: what the manifests' YAML may be, and where each part of it stands."""
