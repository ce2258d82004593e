package org.patchreel.impl.c2pa;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TestCertificates.Issued;
import org.patchreel.impl.c2pa.cose.TestCertificates.Request;

/** An OCSP responder on the loopback interface, whose next answers a test sets. */
final class TestResponder implements AutoCloseable {

    /** Who signs the answers. */
    enum Signer {
        ISSUER,
        DELEGATE,
        /** Has a certificate of the issuer, but not one for OCSP. */
        NOT_AUTHORISED,
        /** Has a certificate for OCSP, but of another issuer of the same name. */
        STRANGER
    }

    final AtomicInteger asked = new AtomicInteger();
    CertificateStatus status = CertificateStatus.GOOD;
    Instant from = Instant.now().minus(Duration.ofMinutes(1));
    Optional<Instant> until = Optional.of(Instant.now().plus(Duration.ofDays(1)));
    Signer signer = Signer.DELEGATE;
    int httpStatus = 200;

    private final TestCertificates certificates;
    private final HttpServer server;

    TestResponder(TestCertificates certificates) throws IOException {
        this.certificates = certificates;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/ocsp");
    }

    static CertificateStatus revoked(Instant time) {
        return new RevokedStatus(Date.from(time), CRLReason.keyCompromise);
    }

    static CertificateStatus unknown() {
        return new UnknownStatus();
    }

    /** {@return a certificate that names this responder} */
    Issued issue() {
        Request request = new Request();
        request.responder = Optional.of(url());
        return certificates.issue(request);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.incrementAndGet();
            byte[] query = exchange.getRequestBody().readAllBytes();
            if (httpStatus != 200) {
                exchange.sendResponseHeaders(httpStatus, -1);
                return;
            }
            byte[] answer = response(new OCSPReq(query).getRequestList()[0].getCertID());
            exchange.getResponseHeaders().set("Content-Type", "application/ocsp-response");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    /** {@return what it would answer of a certificate} */
    byte[] response(Issued issued) throws Exception {
        return response(new CertificateID(
                new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
                new X509CertificateHolder(issued.chain().get(1).getEncoded()),
                issued.chain().get(0).getSerialNumber()));
    }

    private byte[] response(CertificateID id) throws IOException {
        Request request = new Request();
        request.subject = "O=Example,CN=Example responder";
        request.usage = KeyUsage.digitalSignature;
        if (signer != Signer.NOT_AUTHORISED) {
            request.purposes = List.of(TestCertificates.OCSP_SIGNING);
        }
        Issued by = switch (signer) {
            case ISSUER -> certificates.intermediate();
            case DELEGATE, NOT_AUTHORISED -> certificates.issue(request);
            case STRANGER -> new TestCertificates().issue(request);
        };
        try {
            X509Certificate certificate = by.chain().get(0);
            BasicOCSPRespBuilder builder = new BasicOCSPRespBuilder(
                    new RespID(new X509CertificateHolder(certificate.getEncoded()).getSubject()));
            builder.addResponse(
                    id, status, Date.from(from), until.map(Date::from).orElse(null));
            X509CertificateHolder[] with = {new X509CertificateHolder(certificate.getEncoded())};
            return new OCSPRespBuilder()
                    .build(
                            OCSPRespBuilder.SUCCESSFUL,
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(by.key()),
                                    signer == Signer.ISSUER ? new X509CertificateHolder[0] : with,
                                    Date.from(Instant.now())))
                    .getEncoded();
        } catch (GeneralSecurityException | OCSPException | OperatorCreationException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
