package org.patchreel.impl.c2pa.validation;

import org.patchreel.impl.c2pa.status.StatusCode;

/** A manifest store that cannot be read on; the finding says why. */
final class MalformedManifestException extends Exception {
    private static final long serialVersionUID = 1;

    private final StatusCode code;
    private final String url;
    private final String reason;

    MalformedManifestException(StatusCode code, String url, String reason) {
        super(reason);
        this.code = code;
        this.url = url;
        this.reason = reason;
    }

    StatusCode code() {
        return code;
    }

    String url() {
        return url;
    }

    String reason() {
        return reason;
    }
}
