"""Runs emitted Kubernetes manifests on one Linux machine, without images and without a cluster. See ../README.md."""
