"""The face: tray, windows, charts. Qt lives here and nowhere else."""
