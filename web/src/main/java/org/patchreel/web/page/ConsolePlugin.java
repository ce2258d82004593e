package org.patchreel.web.page;

/** What Felix Web Console shows at {@code /system/console/patchreel}, between its own header and footer. */
final class ConsolePlugin {

    static final String LABEL = "felix.webconsole.label=patchreel";

    static final String TITLE = "felix.webconsole.title=Patchreel";

    static final String CATEGORY = "felix.webconsole.category=Main";

    static final String TYPE = "text/html;charset=UTF-8";

    /** From {@code /system/console/patchreel}. */
    static final String CONTENT = """
            <p class="statline"><a href="../../patchreel/">Open Patchreel in a window of its own</a></p>
            <iframe src="../../patchreel/" title="Patchreel" width="100%" height="900" frameborder="0"></iframe>
            """;

    private ConsolePlugin() {}
}
