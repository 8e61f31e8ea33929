"""The tray icon, its menu, and what both tell at a glance."""
