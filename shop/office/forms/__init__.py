"""Shapes of what is typed in the office; meaning is the services' business."""
