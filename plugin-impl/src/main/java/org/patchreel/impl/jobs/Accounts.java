package org.patchreel.impl.jobs;

import java.util.ArrayList;
import java.util.List;
import org.patchreel.api.Requester;

/** The accounts that a job's device time goes to: {@code user:anna}, {@code group:editors}, {@code project:spring}. */
final class Accounts {

    /** Who is not known, and what has no name. */
    static final String NOBODY = "-";

    private Accounts() {}

    /** {@return who is served in turn: a user; users of two tenants are two, whatever they are called} */
    static String requester(Requester by) {
        String user = by.user().orElse(NOBODY);
        return by.tenant().map(tenant -> tenant + "/" + user).orElse(user);
    }

    /** {@return those that have budgets} */
    static List<Account> of(Requester by) {
        List<Account> accounts = new ArrayList<>();
        accounts.add(new Account(Account.Kind.USER, requester(by)));
        by.groups().stream().sorted().forEach(group -> accounts.add(new Account(Account.Kind.GROUP, group)));
        by.project().ifPresent(project -> accounts.add(new Account(Account.Kind.PROJECT, project)));
        return accounts;
    }

    /** {@return those that are reported} */
    static List<Account> of(Requester by, String model) {
        List<Account> accounts = new ArrayList<>(of(by));
        accounts.add(new Account(Account.Kind.MODEL, model));
        return accounts;
    }
}
