"""The engine built on an OpenSearch cluster; only this package imports opensearchpy."""
