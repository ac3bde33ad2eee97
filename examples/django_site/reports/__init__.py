"""The app that searches reports."""
