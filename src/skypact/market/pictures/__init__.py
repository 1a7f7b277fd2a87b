"""Combined pictures where people look: recordings sent, live sessions, and what they prove at a kit."""
