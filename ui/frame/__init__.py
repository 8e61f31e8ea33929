"""The frame in which pages stand: the window, its navigation, panels, and how they ask for what they show."""
