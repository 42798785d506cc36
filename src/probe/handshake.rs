//! The first handshake with a host, as a current client makes it; by hand where the host is too old for that.
//!
//! In: a caller. Out: the version and suite agreed on, the certificates, and what is to be said of them. Any certificate is
//! taken, because what is wrong with it is what we want to know; nothing is ever sent over such a connection. A server that
//! stays silent ends it. Tested in `tests/it/probe.rs`.

use std::io;
use std::sync::{Arc, Mutex};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, ProtocolVersion, SignatureScheme};
use tokio::time::timeout_at;
use tokio_rustls::TlsConnector;

use super::caller::Caller;
use super::trust::Judge;
use super::{Silence, versions};
use crate::web::ProblemKind;
use crate::web::tls::record::{Said, Suites};
use crate::web::tls::{Support, Tls, Version};

/// What is agreed on, and with which certificates.
///
/// # Errors
/// The host cannot be reached, stays silent, or speaks no TLS.
pub(super) async fn first(caller: &mut Caller, judge: &Judge, host: &str) -> Result<Tls, Silence> {
    let refusal = match modern(caller, host).await {
        Ok((mut tls, chain)) => {
            judge.chain(&chain, host, &mut tls);
            return Ok(tls);
        }
        Err(silence) if silence.kind == ProblemKind::Tls => silence,
        Err(silence) => return Err(silence),
    };
    for version in [Version::Tls12, Version::Tls10] {
        let Ok(said) = versions::offer(caller, host, version, &Suites::Usual).await else { continue };
        if let Said::Took { version, suite, chain } = said {
            let mut tls = Tls { version: Some(version), cipher: Some(format!("{suite:#06x}")), ..Tls::default() };
            tls.versions.insert(version, Support::Accepted);
            judge.chain(&chain, host, &mut tls);
            return Ok(tls);
        }
    }
    Err(refusal)
}

/// The handshake of a current client: TLS 1.2 and 1.3.
async fn modern(caller: &mut Caller, host: &str) -> Result<(Tls, Vec<Vec<u8>>), Silence> {
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_string())
        .map_err(|_| Silence::of(ProblemKind::Tls, format!("{host} is no name that a certificate can hold")))?;
    let recorder = Arc::new(Recorder::default());
    let connector = TlsConnector::from(Arc::new(config(recorder.clone())?));
    let (stream, until) = caller.connect().await?;
    let stream = match timeout_at(until, connector.connect(name, stream)).await {
        Err(_) => return Err(caller.late()),
        Ok(Err(cause)) => return Err(Silence::of(ProblemKind::Tls, words(&cause))),
        Ok(Ok(stream)) => stream,
    };
    let (_, session) = stream.get_ref();
    let version = match session.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => Version::Tls13,
        Some(_) | None => Version::Tls12,
    };
    let heard = recorder.heard.lock().expect("no holder of this lock panics").clone();
    let mut tls = Tls {
        version: Some(version),
        cipher: session.negotiated_cipher_suite().and_then(|suite| suite.suite().as_str().map(str::to_string)),
        alpn: session.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned()),
        stapled: Some(heard.stapled),
        ..Tls::default()
    };
    tls.versions.insert(version, Support::Accepted);
    if version == Version::Tls12 {
        // The better one was offered in the same breath.
        tls.versions.insert(Version::Tls13, Support::Refused);
    }
    Ok((tls, heard.chain))
}

fn config(recorder: Arc<Recorder>) -> Result<ClientConfig, Silence> {
    let broken = |cause: rustls::Error| Silence::of(ProblemKind::Internal, cause.to_string());
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(broken)?
        .dangerous()
        .with_custom_certificate_verifier(recorder)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// What a server says when it says no; a closed connection has no words of its own.
fn words(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::UnexpectedEof => "the host closed the connection in the middle of the handshake".to_string(),
        _ => format!("the handshake failed: {cause}"),
    }
}

/// Takes every certificate and keeps it.
#[derive(Debug, Default)]
struct Recorder {
    heard: Mutex<Heard>,
}

#[derive(Clone, Debug, Default)]
struct Heard {
    chain: Vec<Vec<u8>>,
    stapled: bool,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let all = std::iter::once(end_entity).chain(intermediates);
        let heard = Heard { chain: all.map(|der| der.to_vec()).collect(), stapled: !ocsp_response.is_empty() };
        *self.heard.lock().expect("no holder of this lock panics") = heard;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let provider: CryptoProvider = aws_lc_rs::default_provider();
        let mut schemes = provider.signature_verification_algorithms.supported_schemes();
        // Old keys sign with these; a client that does not offer them would never see their certificates.
        schemes.extend([SignatureScheme::RSA_PKCS1_SHA1, SignatureScheme::ECDSA_SHA1_Legacy]);
        schemes
    }
}
