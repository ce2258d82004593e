package org.patchreel.impl.media;

import java.lang.annotation.Annotation;
import java.util.Map;

/** Encoders as they are configured by default. */
public final class TestEncoders {
    private TestEncoders() {}

    public static VideoEncoders h264() {
        return configured("h264", VideoEncoders.DEFAULT_QUALITY);
    }

    public static VideoEncoders av1() {
        return configured("av1", VideoEncoders.DEFAULT_QUALITY);
    }

    public static VideoEncoders configured(String codec, int quality) {
        return new VideoEncoders(config(codec, quality), Map.of("codec", codec, "quality", quality));
    }

    static VideoEncoders.Config config(String codec, int quality) {
        return new Configured(codec, quality);
    }

    private record Configured(String codec, int quality) implements VideoEncoders.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return VideoEncoders.Config.class;
        }
    }
}
