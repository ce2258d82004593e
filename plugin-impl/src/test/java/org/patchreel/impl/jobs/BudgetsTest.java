package org.patchreel.impl.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.AssetMetadata.Cost;
import org.patchreel.api.Requester;

class BudgetsTest {

    private static final Requester ANNA =
            new Requester(Optional.of("anna"), Set.of("editors", "art"), Optional.of("spring"), Optional.empty());

    @Test
    void looksAtAllAccountsOfWhoeverAsks() {
        Budgets budgets = Budgets.parse(
                "user:anna = 100, user:* = 10, group:editors=50 , project:winter = 1, group:a=b = 2", 0.8);
        Map<Account, Duration> used = Map.of(
                new Account(Account.Kind.USER, "anna"), Duration.ofSeconds(80),
                new Account(Account.Kind.GROUP, "editors"), Duration.ofSeconds(50));
        List<Budgets.Balance> balances = budgets.of(ANNA, account -> used.getOrDefault(account, Duration.ZERO));
        assertEquals(2, balances.size());
        assertFalse(balances.get(0).isExhausted());
        assertTrue(balances.get(0).isNearlyExhausted());
        assertTrue(balances.get(1).isExhausted());
        assertEquals(
                "group:editors has used 50 of 50 device seconds of today",
                balances.get(1).toString());
    }

    @Test
    void givesEachOneWithoutABudgetThatOfTheStar() {
        Budgets budgets = Budgets.parse("user:* = 10, user:north/anna = 20", 0.8);
        assertEquals(Optional.of(Duration.ofSeconds(10)), budgets.limit(new Account(Account.Kind.USER, "ben")));
        assertEquals(Optional.empty(), budgets.limit(new Account(Account.Kind.GROUP, "ben")));
        Requester tenants = new Requester(Optional.of("anna"), Set.of(), Optional.empty(), Optional.of("north"));
        assertEquals(
                Duration.ofSeconds(20),
                budgets.of(tenants, account -> Duration.ZERO).get(0).limit());
        assertEquals(
                "-",
                budgets.of(Requester.UNKNOWN, account -> Duration.ZERO)
                        .get(0)
                        .account()
                        .name());
    }

    @Test
    void knowsNoLimitIfNothingIsSaid() {
        assertEquals(List.of(), Budgets.parse("", 0.8).of(ANNA, account -> Duration.ofDays(1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "anna = 10|expected user:NAME, group:NAME or project:NAME = SECONDS, not anna = 10",
                "user:anna|expected user:NAME, group:NAME or project:NAME = SECONDS, not user:anna",
                "team:a = 1|a budget's kind must be user, group, project, model: team",
                "model:wan = 1|a model has no budget: model:wan = 1",
                "user:anna = -1|a budget is a whole number of seconds, 0 or more: user:anna = -1",
                "user:anna = 1h|a budget is a whole number of seconds, 0 or more: user:anna = 1h",
                "user: = 1|a budget has no name, or stands twice: user: = 1",
                "user:a=1,user:a=2|a budget has no name, or stands twice: user:a=2"
            })
    void refusesWhatIsNoBudget(String text, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> Budgets.parse(text, 0.8))
                        .getMessage());
    }

    @Test
    void pricesSeconds() {
        Price price = Price.parse(" 0.0008  EUR ");
        assertEquals(new Cost(new BigDecimal("0.0998"), "EUR"), price.of(Duration.ofMillis(124_750)));
        for (String wrong : List.of("EUR", "1", "-1 EUR", "1 EUR now", "one EUR")) {
            assertThrows(IllegalArgumentException.class, () -> Price.parse(wrong), wrong);
        }
    }
}
