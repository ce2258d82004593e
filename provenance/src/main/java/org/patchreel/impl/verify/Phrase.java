package org.patchreel.impl.verify;

import java.util.Locale;
import java.util.Map;

/**
 * A part of the sentence on a verdict. Programs that show the sentence in another language have a text of their own for each, by
 * its {@link #label}; Patchreel's page has them in its texts, under {@code phrase.}.
 */
enum Phrase {
    SIGNED_TRUSTED("The file carries a C2PA manifest signed by {signer}, who is on this installation's trust list, "
            + "and its content has not been changed since; what the manifest says of its origin is the "
            + "signer's statement"),
    SIGNED_TRUSTED_UNNAMED("The file carries a C2PA manifest signed by a signer without a name, who is on this "
            + "installation's trust list, and its content has not been changed since; what the manifest says "
            + "of its origin is the signer's statement"),
    SIGNED("The file carries a C2PA manifest signed by {signer} (a name that no trust list of this "
            + "installation vouches for) and its content has not been changed since; what the manifest says "
            + "of its origin is the signer's statement"),
    SIGNED_UNNAMED("The file carries a C2PA manifest signed by a signer without a name (a name that no trust list "
            + "of this installation vouches for) and its content has not been changed since; what the "
            + "manifest says of its origin is the signer's statement"),
    STORED_AS("; it is the manifest that this installation stored when it made the file as asset {asset}"),
    STORED_FROM("; it is the manifest that this installation stored when it made the file from asset {asset}"),
    LABEL_COPIED("; its label is that of the manifest of asset {asset}, but it is another manifest"),
    APART("; apart from the manifest, "),
    ANYBODY_SIGNS("; anybody can sign in any name, so that the origin is not proved"),
    INVALID(
            "The file carries a C2PA manifest that is not valid, so that nothing the manifest says is proved of this file"),
    INVALID_CODES("The file carries a C2PA manifest that is not valid ({codes}), so that nothing the manifest "
            + "says is proved of this file"),
    UNREAD("{reason}"),
    NO_C2PA_MANIFEST("The file carries no C2PA manifest"),
    NO_MANIFEST("The file carries no manifest"),
    LEADS_TO_CLIP(", but the watermark and the pictures both lead to a clip that this installation made: "),
    LEADS_TO_STILL(", but the watermark and the pictures both lead to a still that this installation made: "),
    SHOWS_SECONDS("seconds {seconds} show asset {asset}"),
    SHOWS_SECONDS_AND_OTHERS("seconds {seconds} and others show asset {asset}"),
    SHOWS_PICTURE("its picture shows asset {asset}"),
    CREATED(" of {created}"),
    AND_ALSO_SHOWS(", and "),
    SIGNATURE_HOLDS(", whose stored manifest carries a valid signature; of other parts of the file, or changes to "
            + "it, nothing is proved"),
    SIGNATURES_HOLD(", whose stored manifests carry valid signatures; of other parts of the file, or changes to it, "
            + "nothing is proved"),
    MARK_ALONE_CLIP("the watermark of asset {asset} was found, but the pictures are not those of that clip, and a "
            + "watermark can be carried over to other pictures"),
    MARK_ALONE_STILL("the watermark of asset {asset} was found, but the pictures are not those of that still, and a "
            + "watermark can be carried over to other pictures"),
    WITHOUT_MARK(" of this installation, but its watermark was not found there"),
    WITH_MARK(" of this installation and its watermark was found there"),
    CLIP_MANIFEST_FAILS(", but the stored manifest of that clip does not hold"),
    STILL_MANIFEST_FAILS(", but the stored manifest of that still does not hold"),
    ALSO("; also "),
    UNKNOWN_MARK(
            "a watermark made with a key of this installation was found ({marks}), but no clip with it is remembered here"),
    POSSIBLE_COPY(": a possible copy, whose origin is not proved"),
    NEXT(". "),
    NOTHING_FOUND(
            ", no watermark of this installation was found in it, and its pictures are of no clip that is remembered here"),
    NOTHING_FOUND_IN_FILE(", no watermark of this installation was found in the file, and its pictures are of no clip "
            + "that is remembered here"),
    UNREADABLE(" and cannot be read as a video or a picture ({reason})"),
    FILE_UNREADABLE(", and the file cannot be read as a video or a picture ({reason})"),
    ORIGIN_UNKNOWN("; its origin is unknown, and nothing follows from that about how it was made");

    private final String text;

    Phrase(String text) {
        this.text = text;
    }

    /** {@return its name for programs} */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@return in English, with the names of values in braces} */
    String text() {
        return text;
    }

    /**
     * {@return in English, with values in the place of their names; what a value has in braces stays as it is}
     *
     * @param values by their names
     */
    String with(Map<String, String> values) {
        StringBuilder filled = new StringBuilder();
        int from = 0;
        for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
            int close = text.indexOf('}', open);
            filled.append(text, from, open).append(values.get(text.substring(open + 1, close)));
            from = close + 1;
        }
        return filled.append(text, from, text.length()).toString();
    }
}
