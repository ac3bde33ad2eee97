"""The engine built on an OpenSearch cluster.

Only this package imports opensearchpy.
"""
