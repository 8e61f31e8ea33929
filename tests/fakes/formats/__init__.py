"""The formats that a fake can speak."""
