"""The engine built on Whoosh; only this package imports whoosh."""
