package org.patchreel.impl.c2pa.carrier;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The address of a manifest that is not in the file, which the file's XMP names (C2PA 2.2, 11.5). It is never asked. */
public final class RemoteManifest {
    private static final String DUBLIN_CORE_TERMS = "http://purl.org/dc/terms/";
    private static final String PROVENANCE = "provenance";

    private RemoteManifest() {}

    /**
     * Looks for an address.
     *
     * @param xmp a packet; one that is not well-formed is read as far as that goes
     * @return an address of HTTP or HTTPS
     */
    public static Optional<URI> in(byte[] xmp) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xmp));
            while (reader.hasNext()) {
                if (reader.next() != XMLStreamReader.START_ELEMENT) {
                    continue;
                }
                Optional<URI> found = Optional.ofNullable(reader.getAttributeValue(DUBLIN_CORE_TERMS, PROVENANCE))
                        .flatMap(RemoteManifest::address);
                if (found.isEmpty()
                        && reader.getLocalName().equals(PROVENANCE)
                        && DUBLIN_CORE_TERMS.equals(reader.getNamespaceURI())) {
                    found = address(reader.getElementText());
                }
                if (found.isPresent()) {
                    return found;
                }
            }
        } catch (XMLStreamException e) {
            return Optional.empty(); // what comes before was looked at
        }
        return Optional.empty();
    }

    private static Optional<URI> address(String text) {
        try {
            URI uri = new URI(text.strip());
            return "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme())
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
