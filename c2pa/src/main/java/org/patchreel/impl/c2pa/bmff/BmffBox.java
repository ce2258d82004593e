package org.patchreel.impl.c2pa.bmff;

import java.util.Set;

/**
 * A box of a file.
 *
 * @param type four characters
 * @param offset of its first byte in the file
 * @param size in bytes, the header included; of a last {@code mdat} that is cut off, what is there of it
 * @param header bytes of the header, without a {@code uuid} box's UUID
 */
record BmffBox(String type, long offset, long size, int header) {
    private static final Set<String> CONTAINERS = Set.of(
            "moov", "trak", "mdia", "minf", "stbl", "moof", "traf", "edts", "udta", "dinf", "tref", "treg", "mvex",
            "mfra", "meta", "schi");

    /** ISO/IEC 14496-12:2022: those that begin with a version and flags. */
    private static final Set<String> FULL_BOXES = Set.of(
            "pdin", "mvhd", "tkhd", "mdhd", "hdlr", "nmhd", "elng", "stsd", "stdp", "stts", "ctts", "cslg", "stss",
            "stsh", "elst", "dref", "stsz", "stz2", "stsc", "stco", "co64", "padb", "subs", "saiz", "saio", "mehd",
            "trex", "mfhd", "tfhd", "trun", "tfra", "mfro", "tfdt", "leva", "trep", "assp", "sbgp", "sgpd", "csgp",
            "cprt", "tsel", "kind", "meta", "xml ", "bxml", "iloc", "pitm", "ipro", "infe", "iinf", "iref", "ipma",
            "schm", "fiin", "fpar", "fecr", "gitn", "fire", "stri", "stsg", "stvi", "csch", "sidx", "ssix", "prft",
            "srpp", "vmhd", "smhd", "srat", "chnl", "dmix", "txtC", "mime", "uri ", "uriI", "hmhd", "sthd", "vvhd",
            "medc");

    /** {@return where it ends} */
    long end() {
        return offset + size;
    }

    /** {@return where its content begins} */
    long content() {
        return offset + header;
    }

    /** {@return whether it holds boxes} */
    boolean isContainer() {
        return CONTAINERS.contains(type);
    }

    /** {@return whether its content begins with a version and flags} */
    boolean isFullBox() {
        return FULL_BOXES.contains(type);
    }
}
