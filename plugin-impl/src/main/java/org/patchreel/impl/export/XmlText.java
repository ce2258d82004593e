package org.patchreel.impl.export;

import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** An XML document in the making, indented. Whatever texts contain, it is well-formed. Used by one thread. */
final class XmlText {

    /** Writes the content of an element. */
    interface Content {
        void write() throws XMLStreamException;
    }

    /** Writes the document's parts. */
    interface Document {
        void write(XmlText xml) throws XMLStreamException;
    }

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter writer;
    private int depth;

    /** Elements so far in the one that is open: one without any ends on its own line. */
    private int children;

    private XmlText() throws XMLStreamException {
        // the platform's own, not what a host happens to have; characters, because its encoder breaks surrogate pairs
        writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
    }

    /** {@return the document as text, to be stored in UTF-8} */
    static String of(Document document) {
        try {
            XmlText xml = new XmlText();
            document.write(xml);
            xml.writer.flush();
            return xml.text + "\n";
        } catch (XMLStreamException e) {
            throw new IllegalStateException("text cannot be written as XML", e);
        }
    }

    /** Begins a document of a given type; without a type if that is empty. */
    void declaration(String type) throws XMLStreamException {
        writer.writeProcessingInstruction("xml", "version=\"1.0\" encoding=\"UTF-8\"");
        if (!type.isEmpty()) {
            writer.writeCharacters("\n");
            writer.writeDTD("<!DOCTYPE " + type + ">");
        }
    }

    void instruction(String target, String data) throws XMLStreamException {
        if (depth > 0 || text.getBuffer().length() > 0) {
            newLine();
        }
        writer.writeProcessingInstruction(target, data);
    }

    /**
     * Writes an element.
     *
     * @param name with its prefix, if it has one
     * @param content attributes first
     */
    void element(String name, Content content) throws XMLStreamException {
        newLine();
        writer.writeStartElement(name);
        depth++;
        int before = children;
        children = 0;
        content.write();
        depth--;
        if (children > 0) {
            newLine();
        }
        writer.writeEndElement();
        children = before + 1;
    }

    /** Writes an element that has text only. */
    void element(String name, Object content) throws XMLStreamException {
        newLine();
        writer.writeStartElement(name);
        text(String.valueOf(content));
        writer.writeEndElement();
        children++;
    }

    void attribute(String name, Object value) throws XMLStreamException {
        writer.writeAttribute(name, allowed(String.valueOf(value)));
    }

    void text(String content) throws XMLStreamException {
        writer.writeCharacters(allowed(content));
    }

    private void newLine() throws XMLStreamException {
        writer.writeCharacters("\n" + "  ".repeat(depth));
    }

    /**
     * Replaces what XML 1.0 does not allow (<a href="https://www.w3.org/TR/xml/#charsets">2.2</a>), and the ends of lines
     * that its readers would change.
     */
    static String allowed(String text) {
        StringBuilder allowed = new StringBuilder(text.length());
        text.replace("\r\n", "\n").replace('\r', '\n').codePoints().forEach(character -> {
            boolean good = character == '\n'
                    || character == '\t'
                    || (character >= 0x20 && character <= 0xD7FF)
                    || (character >= 0xE000 && character <= 0xFFFD)
                    || character >= 0x10000;
            allowed.appendCodePoint(good ? character : 0xFFFD);
        });
        return allowed.toString();
    }
}
