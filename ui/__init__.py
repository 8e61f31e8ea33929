"""The face: tray, windows, charts. Qt lives here and nowhere else."""

from ui.unread import leave_sources_unread

leave_sources_unread()
