"""Whose certificates are believed on the way to a provider: the system's, or those of one file."""

import asyncio
import ssl
import sys
from pathlib import Path

from proxy.wire.failure import Failure, FailureKind

# Where systems keep their certificates when the OpenSSL that Python brings along looks elsewhere.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
)


async def trust(provider: str, ca_file: str) -> ssl.SSLContext:
    """What decides about a provider's certificate. Reading certificates takes too long for the loop."""
    if not ca_file:
        return await asyncio.to_thread(_of_the_system)
    return await asyncio.to_thread(_of_file, provider, ca_file)


def _of_the_system() -> ssl.SSLContext:
    if sys.platform in ("darwin", "win32"):
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Here truststore would read the whole bundle again for every new connection, 20 ms on the loop each time.
    context = ssl.create_default_context()
    if not ssl.get_default_verify_paths().cafile and not context.cert_store_stats()["x509_ca"]:
        bundle = next((bundle for bundle in _BUNDLES if Path(bundle).is_file()), None)
        if bundle is not None:
            context.load_verify_locations(bundle)
    return context


def _of_file(provider: str, ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(Path(ca_file).expanduser()))
    except ssl.SSLError as error:
        raise Failure(
            FailureKind.NO_SERVICE,
            f"The ca_file of the provider {provider} holds no certificate that can be read: {ca_file}. "
            "It has to be a file of certificates in PEM form.",
        ) from error
    except (OSError, RuntimeError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "this is no path"
        raise Failure(
            FailureKind.NO_SERVICE,
            f"The ca_file of the provider {provider} cannot be read: {ca_file}: {why}. "
            f"Set ca_file under [providers.{provider}] in config.toml to a file of certificates.",
        ) from error
