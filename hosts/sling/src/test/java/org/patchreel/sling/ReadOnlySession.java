package org.patchreel.sling;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import javax.jcr.Session;
import javax.jcr.UnsupportedRepositoryOperationException;

/** A session whose repository is read-only as a whole: it answers everything, and refuses to save. */
final class ReadOnlySession {
    private ReadOnlySession() {}

    static Session of(Session session) {
        return (Session) Proxy.newProxyInstance(
                ReadOnlySession.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("save")) {
                        throw new UnsupportedRepositoryOperationException("the node store is read-only");
                    }
                    try {
                        return method.invoke(session, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
