"""How images are found, mapped and decoded; `procvision_algorithm_sdk.shared_memory` is what algorithms call."""
