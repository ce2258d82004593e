package org.patchreel.impl.c2pa;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.cose.TestCertificates.Issued;
import org.patchreel.impl.c2pa.cose.TestCertificates.Request;

/** A timestamp authority on the loopback interface, well-behaved or not. */
final class TestAuthority implements AutoCloseable {
    /** What it does wrong. */
    enum Behaviour {
        GOOD,
        REFUSES,
        FAILS,
        GARBAGE,
        EMPTY,
        CUT_OFF,
        OTHER_NONCE,
        OTHER_DATA,
        OTHER_KEY,
        NO_CERTIFICATE,
        OVERSIZED,
        ENDLESS,
        SILENT,
        SLOW_BODY
    }

    final Instant time;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Behaviour behaviour;
    private final Issued signer;
    private final Issued other;

    TestAuthority(Behaviour behaviour, TestCertificates certificates) throws IOException {
        this(behaviour, certificates, Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /** One that tells this time. */
    TestAuthority(Behaviour behaviour, TestCertificates certificates, Instant time) throws IOException {
        this.behaviour = behaviour;
        this.time = time;
        Request request = new Request();
        request.subject = "O=Example,CN=Example timestamps";
        request.purposes = List.of(TestCertificates.TIME_STAMPING);
        request.usage = KeyUsage.digitalSignature;
        request.start = time.minus(Duration.ofDays(100));
        request.end = time.plus(Duration.ofDays(600));
        signer = certificates.issue(request);
        other = certificates.issue(request);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    URI url() {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/tsa");
    }

    TimestampAuthority client() {
        return new TimestampAuthority(url(), Duration.ofMillis(1500));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] query = exchange.getRequestBody().readAllBytes();
            switch (behaviour) {
                case FAILS -> exchange.sendResponseHeaders(503, -1);
                case GARBAGE -> send(exchange, new byte[] {0x30, (byte) 0x84, 0x7f, 1, 2, 3, 4});
                case EMPTY -> exchange.sendResponseHeaders(200, -1);
                case OVERSIZED -> send(exchange, new byte[TimestampAuthority.MAX_TOKEN + 1]);
                case ENDLESS -> {
                    exchange.sendResponseHeaders(200, 0);
                    for (int i = 0; i < 10_000; i++) {
                        exchange.getResponseBody().write(new byte[65_536]);
                    }
                }
                case SILENT -> await();
                case SLOW_BODY -> {
                    exchange.sendResponseHeaders(200, 4000);
                    OutputStream body = exchange.getResponseBody();
                    for (int i = 0; i < 4000 && !closed.await(200, TimeUnit.MILLISECONDS); i++) {
                        body.write(0x30);
                        body.flush();
                    }
                }
                default -> send(exchange, stamp(query));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await() throws InterruptedException {
        closed.await(60, TimeUnit.SECONDS);
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private byte[] stamp(byte[] query) throws IOException {
        try {
            TimeStampRequest request = new TimeStampRequest(query);
            TimeStampTokenGenerator tokens = new TimeStampTokenGenerator(
                    new JcaSimpleSignerInfoGeneratorBuilder()
                            .build(
                                    "SHA256withECDSA",
                                    behaviour == Behaviour.OTHER_KEY ? other.key() : signer.key(),
                                    signer.chain().get(0)),
                    new JcaDigestCalculatorProviderBuilder()
                            .build()
                            .get(new org.bouncycastle.asn1.x509.AlgorithmIdentifier(TSPAlgorithms.SHA256)),
                    new ASN1ObjectIdentifier("1.2.3.4"));
            if (behaviour != Behaviour.NO_CERTIFICATE) {
                tokens.addCertificates(new JcaCertStore(signer.chain().subList(0, 2)));
            }
            TimeStampResponseGenerator responses = new TimeStampResponseGenerator(tokens, TSPAlgorithms.ALLOWED);
            if (behaviour == Behaviour.REFUSES) {
                return responses
                        .generateRejectedResponse(new TSPException("not today"))
                        .getEncoded();
            }
            byte[] response = responses
                    .generateGrantedResponse(asked(request), BigInteger.ONE, Date.from(time))
                    .getEncoded();
            return behaviour == Behaviour.CUT_OFF ? java.util.Arrays.copyOf(response, response.length / 2) : response;
        } catch (GeneralSecurityException | OperatorCreationException | TSPException e) {
            throw new IOException(e);
        }
    }

    private TimeStampRequest asked(TimeStampRequest request) {
        TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
        generator.setCertReq(behaviour != Behaviour.NO_CERTIFICATE);
        BigInteger nonce = request.getNonce();
        byte[] digest = request.getMessageImprintDigest().clone();
        if (behaviour == Behaviour.OTHER_DATA) {
            digest[0]++;
        }
        return generator.generate(
                TSPAlgorithms.SHA256, digest, behaviour == Behaviour.OTHER_NONCE ? nonce.add(BigInteger.ONE) : nonce);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new UncheckedIOException(new IOException("the authority does not end"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
