package org.patchreel.runtime.sampler;

import java.util.Arrays;
import org.patchreel.runtime.sampler.UniPcConfig.SolverType;

/**
 * The numbers of UniPC (<a href="https://arxiv.org/abs/2302.04867">Zhao et al.</a>, section 3 and appendix A.1 for data
 * prediction). Both formulas are linear in the sample and in the estimates of x₀, so each boils down to one {@link
 * Weights weight} for each of them:
 *
 * <pre>
 * x_t = σ_t/σ_s · x_s − α_t (e^(−h) − 1) m_0 − α_t B(h) Σ_k ρ_k/r_k (m_k − m_0)
 * </pre>
 *
 * where h is the step's length in λ = log(α/σ), m_0 is the estimate at the start s, m_k one at k steps before it, and r_k
 * where that lies in units of h. The corrector's sum has one term more: the estimate at t itself, r = 1. The ρ solve the
 * order conditions, a Vandermonde system in the r.
 */
final class UniPcFormula {
    private final NoiseSchedule schedule;
    private final SolverType solverType;

    UniPcFormula(NoiseSchedule schedule, SolverType solverType) {
        this.schedule = schedule;
        this.solverType = solverType;
    }

    /** The factors of the sample, of the estimates, newest first, and (corrector only) of the estimate at the target. */
    static final class Weights {
        private final double sample;
        private final double[] estimates;
        private final double target;

        Weights(double sample, double[] estimates, double target) {
            this.sample = sample;
            this.estimates = estimates;
            this.target = target;
        }

        double sample() {
            return sample;
        }

        int order() {
            return estimates.length;
        }

        double estimate(int k) {
            return estimates[k];
        }

        double target() {
            return target;
        }
    }

    /** From level {@code index} to the next, with as many estimates as the order. */
    Weights predictor(int index, int order) {
        double[] r = positions(index, index + 1, order);
        double[] rho = switch (order) {
            case 1 -> new double[0];
            case 2 -> new double[] {0.5}; // the reference's short cut for all h
            default -> solve(Arrays.copyOf(r, order - 1), conditions(index, index + 1, order - 1));
        };
        return weights(index, index + 1, r, rho);
    }

    /** From level {@code index − 1} to {@code index} again, now that the estimate at {@code index} is known. */
    Weights corrector(int index, int order) {
        double[] r = positions(index - 1, index, order);
        double[] rho = order == 1 ? new double[] {0.5} : solve(r, conditions(index - 1, index, order));
        return weights(index - 1, index, r, rho);
    }

    private Weights weights(int from, int to, double[] r, double[] rho) {
        int order = r.length;
        double alpha = 1 - (double) schedule.sigma(to);
        double hh = lambda(from) - lambda(to);
        double[] estimates = new double[order];
        double atStart = -alpha * Math.expm1(hh);
        double atTarget = 0;
        for (int k = 0; k < rho.length; k++) {
            double weight = -alpha * b(hh) * rho[k] / r[k];
            atStart -= weight;
            if (k < order - 1) {
                estimates[k + 1] = weight;
            } else {
                atTarget = weight;
            }
        }
        estimates[0] = atStart;
        return new Weights((double) schedule.sigma(to) / schedule.sigma(from), estimates, atTarget);
    }

    /** r of the estimates before the start, newest first, and 1 for the target. */
    private double[] positions(int from, int to, int order) {
        double h = lambda(to) - lambda(from);
        double[] r = new double[order];
        for (int k = 1; k < order; k++) {
            r[k - 1] = (lambda(from - k) - lambda(from)) / h;
        }
        r[order - 1] = 1;
        return r;
    }

    /** The right-hand sides k!·φ_(k+1)(−h)·h / B(h) of the order conditions k = 1, 2, … */
    private double[] conditions(int from, int to, int count) {
        double hh = lambda(from) - lambda(to);
        double[] b = new double[count];
        double phi = Math.expm1(hh) / hh - 1;
        double factorial = 1;
        for (int k = 0; k < count; k++) {
            b[k] = phi * factorial / b(hh);
            factorial *= k + 2;
            phi = phi / hh - 1 / factorial;
        }
        return b;
    }

    /** Solves Σ_j r_j^i ρ_j = b_i, i from 0 (Björck and Pereyra; Golub and Van Loan, algorithm 4.6.2). */
    private static double[] solve(double[] r, double[] b) {
        int n = r.length;
        double[] rho = b.clone();
        for (int k = 0; k < n - 1; k++) {
            for (int i = n - 1; i > k; i--) {
                rho[i] -= r[k] * rho[i - 1];
            }
        }
        for (int k = n - 2; k >= 0; k--) {
            for (int i = k + 1; i < n; i++) {
                rho[i] /= r[i] - r[i - k - 1];
            }
            for (int i = k; i < n - 1; i++) {
                rho[i] -= rho[i + 1];
            }
        }
        return rho;
    }

    private double b(double hh) {
        return solverType == SolverType.BH1 ? hh : Math.expm1(hh);
    }

    /** Half the log signal-to-noise ratio; +∞ at noise level 0. */
    private double lambda(int index) {
        double sigma = schedule.sigma(index);
        return Math.log(1 - sigma) - Math.log(sigma);
    }
}
