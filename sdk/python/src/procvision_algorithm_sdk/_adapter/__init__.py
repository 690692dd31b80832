"""How the adapter works inside; `procvision_algorithm_sdk.adapter` is the command."""
