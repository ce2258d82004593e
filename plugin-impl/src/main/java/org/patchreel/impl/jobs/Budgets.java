package org.patchreel.impl.jobs;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.patchreel.api.Requester;

/**
 * For how long accounts may keep the device busy in a day. A job begins while each of its accounts has something left, and may
 * use more than that: a budget is exact to one clip.
 *
 * @param daily by account; the name {@code *} is each account of the kind that has no budget of its own
 * @param warning part of a budget from which on it is nearly used up, in (0, 1]
 */
public record Budgets(Map<Account, Duration> daily, double warning) {

    private static final String EACH = "*";

    /** Copies the map. */
    public Budgets {
        daily = Map.copyOf(daily);
    }

    /**
     * A budget and what was used of it today.
     *
     * @param account whose
     * @param used today
     * @param limit a day
     * @param warning as {@link Budgets#warning}
     */
    public record Balance(Account account, Duration used, Duration limit, double warning) {

        /** {@return whether nothing is left} */
        public boolean isExhausted() {
            return used.compareTo(limit) >= 0;
        }

        /** {@return whether it is nearly used up} */
        public boolean isNearlyExhausted() {
            return used.toMillis() >= warning * limit.toMillis();
        }

        @Override
        public String toString() {
            return account + " has used " + used.toSeconds() + " of " + limit.toSeconds() + " device seconds of today";
        }
    }

    /**
     * Reads budgets.
     *
     * @param text {@code user:anna = 3600, user:* = 1800, group:editors = 7200, project:spring = 36000}, in seconds a day
     * @param warning as above
     * @return the budgets
     * @throws IllegalArgumentException if it is none; the message names what is wrong
     */
    static Budgets parse(String text, double warning) {
        Map<Account, Duration> daily = new LinkedHashMap<>();
        for (String entry : text.split(",", -1)) {
            if (entry.isBlank()) {
                continue;
            }
            int equals = entry.lastIndexOf('=');
            int colon = entry.indexOf(':');
            if (colon < 0 || equals < colon) {
                throw new IllegalArgumentException(
                        "expected user:NAME, group:NAME or project:NAME = SECONDS, not " + entry.strip());
            }
            Account.Kind kind = Account.Kind.parse(
                    "a budget's kind", entry.substring(0, colon).strip());
            if (kind == Account.Kind.MODEL) {
                throw new IllegalArgumentException("a model has no budget: " + entry.strip());
            }
            Account account =
                    new Account(kind, entry.substring(colon + 1, equals).strip());
            Duration limit = seconds(entry.substring(equals + 1).strip(), entry.strip());
            if (account.name().isEmpty() || daily.put(account, limit) != null) {
                throw new IllegalArgumentException("a budget has no name, or stands twice: " + entry.strip());
            }
        }
        return new Budgets(daily, warning);
    }

    private static Duration seconds(String digits, String entry) {
        try {
            long seconds = Long.parseLong(digits);
            if (seconds >= 0 && seconds <= Duration.ofDays(36_500).toSeconds()) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new IllegalArgumentException("a budget is a whole number of seconds, 0 or more: " + entry);
    }

    /**
     * Looks at the budgets that a job of somebody is charged to.
     *
     * @param by who asks
     * @param used what an account used today
     * @return a balance for each of their accounts that has a budget
     */
    public List<Balance> of(Requester by, Function<Account, Duration> used) {
        return Accounts.of(by).stream()
                .flatMap(account ->
                        limit(account).stream().map(limit -> new Balance(account, used.apply(account), limit, warning)))
                .toList();
    }

    /**
     * {@return what an account may use in a day; empty if that is not limited}
     *
     * @param account whose
     */
    public Optional<Duration> limit(Account account) {
        return Optional.ofNullable(daily.getOrDefault(account, daily.get(new Account(account.kind(), EACH))));
    }

    /**
     * {@return the accounts that a job of somebody is charged to and that may have budgets}
     *
     * @param by who asks
     */
    public List<Account> accounts(Requester by) {
        return Accounts.of(by);
    }
}
