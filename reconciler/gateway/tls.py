"""One TLS context for every connection: reading the CA bundle takes some 25 ms each time."""

from __future__ import annotations

import ssl
import threading
from pathlib import Path
from typing import Any

from requests import PreparedRequest
from requests.adapters import DEFAULT_CA_BUNDLE_PATH, HTTPAdapter
from urllib3.connectionpool import ConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from reconciler.errors import UsageError
from reconciler.gateway.connections import POOLS


def load_context(bundle: str | None) -> ssl.SSLContext:
    """A verifying context that trusts `bundle` (a file or a directory), or certifi's own.

    Raises `UsageError` when there is no such bundle or it cannot be read as one.
    """
    path = Path(bundle or DEFAULT_CA_BUNDLE_PATH).expanduser()
    context = create_urllib3_context()
    try:
        if path.is_dir():
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        raise UsageError(
            f"the CA bundle {path} cannot be used ({error.strerror})",
            "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE must name a PEM file or a directory of them.",
        ) from None
    return context


class OneContextAdapter(HTTPAdapter):
    """`requests` over our own connections to one endpoint, all with the same context.

    By itself `requests` hands urllib3 the bundle's path, and urllib3 reads it for each connection.
    """

    def __init__(self, context: ssl.SSLContext | None, *, connections: int) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._pool: ConnectionPool | None = None
        super().__init__(pool_connections=2, pool_maxsize=connections)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As `HTTPAdapter`; then our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """As `HTTPAdapter`; a proxy that is itself reached over TLS gets the same context."""
        manager = super().proxy_manager_for(proxy, proxy_ssl_context=self._context, **proxy_kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """The one pool of the one endpoint, whatever the request.

        Under a lock: two threads would make two pools, and nobody would close the first one's. To
        look for it again would take a fifteenth of a query's CPU time.
        """
        with self._lock:
            if self._pool is None:
                self._pool = super().get_connection_with_tls_context(*args, **kwargs)
        return self._pool

    def close(self) -> None:
        """Close the idle connections. `HTTPAdapter` would only forget their pool, held here."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()
        super().close()

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        """The context in place of the bundle's path."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {**pool, "ssl_context": self._context}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing left to do: the context verifies. The original would set the bundle's path."""
