package org.patchreel.impl.c2pa.cose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.patchreel.spi.PrintableText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A list of trusted entities in JSON (<a
 * href="https://www.etsi.org/deliver/etsi_ts/119600_119699/119602/">ETSI TS 119 602</a>), the form of <a
 * href="https://github.com/c2pa-org/conformance-public/tree/main/trust-list">C2PA's trust lists</a>.
 *
 * @param trusted certificates of services that are trusted: those of no status, too
 * @param withdrawn certificates of services of any other status
 */
record TrustedEntities(List<X509Certificate> trusted, List<X509Certificate> withdrawn) {

    private static final Logger LOG = LoggerFactory.getLogger(TrustedEntities.class);

    private static final String TRUSTED = "http://c2pa.org/conformance/trust-list/trusted";

    private static final int MAX_CERTIFICATES = 10_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@return whether a file holds JSON rather than PEM} */
    static boolean isIn(byte[] content) {
        for (byte each : content) {
            if (!Character.isWhitespace(each)) {
                return each == '{';
            }
        }
        return false;
    }

    /**
     * Reads a list. That it should have been updated since is logged.
     *
     * @param file for messages
     * @throws IOException if it is no such list; the message names the file and the place in it
     */
    static TrustedEntities read(Path file, byte[] content, Instant now) throws IOException {
        JsonNode list;
        try {
            list = JSON.readTree(content).path("LoTE");
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + ": not JSON: " + PrintableText.of(e.getOriginalMessage()) + " in line "
                            + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()),
                    e);
        }
        JsonNode entities = list.path("TrustedEntitiesList");
        if (!entities.isArray()) {
            throw new IOException(file + ": no list of trusted entities: LoTE.TrustedEntitiesList is missing");
        }
        warnIfOld(file, list.path("ListAndSchemeInformation").path("NextUpdate"), now);
        TrustedEntities read = new TrustedEntities(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < entities.size(); i++) {
            JsonNode services = entities.get(i).path("TrustedEntityServices");
            String entity = "LoTE.TrustedEntitiesList[" + i + "].TrustedEntityServices";
            if (!services.isArray()) {
                throw new IOException(file + ": " + entity + " is missing");
            }
            for (int j = 0; j < services.size(); j++) {
                read.add(
                        file,
                        entity + "[" + j + "].ServiceInformation",
                        services.get(j).path("ServiceInformation"));
            }
        }
        return read;
    }

    private static void warnIfOld(Path file, JsonNode nextUpdate, Instant now) throws IOException {
        if (nextUpdate.isMissingNode() || nextUpdate.isNull()) {
            return;
        }
        try {
            if (now.isAfter(Instant.parse(nextUpdate.asText()))) {
                LOG.warn("{}: the list was to be replaced by a newer one until {}", file, nextUpdate.asText());
            }
        } catch (DateTimeException e) {
            throw new IOException(
                    file + ": LoTE.ListAndSchemeInformation.NextUpdate is " + PrintableText.quoted(nextUpdate.asText())
                            + ", expected a time such as 2027-01-31T00:00:00Z",
                    e);
        }
    }

    private void add(Path file, String place, JsonNode service) throws IOException {
        JsonNode certificates = service.path("ServiceDigitalIdentity").path("X509Certificates");
        if (!certificates.isArray()) {
            throw new IOException(file + ": " + place + ".ServiceDigitalIdentity.X509Certificates is missing");
        }
        JsonNode status = service.path("ServiceStatus");
        boolean isTrusted = status.isMissingNode() || status.asText().equals(TRUSTED);
        for (int i = 0; i < certificates.size(); i++) {
            String here = place + ".ServiceDigitalIdentity.X509Certificates[" + i + "].val";
            if (trusted.size() + withdrawn.size() == MAX_CERTIFICATES) {
                throw new IOException(file + ": more than " + MAX_CERTIFICATES + " certificates");
            }
            try {
                X509Certificate certificate = TrustList.certificate(Base64.getMimeDecoder()
                        .decode(certificates.get(i).path("val").asText()));
                (isTrusted ? trusted : withdrawn).add(certificate);
            } catch (CertificateException | IllegalArgumentException e) {
                throw new IOException(file + ": " + here + " is no certificate in Base64", e);
            }
        }
    }
}
