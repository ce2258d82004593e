package org.patchreel.impl;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Rules for the parts of the bundle, which are modules of the build: media, c2pa and provenance below, the service above. */
@AnalyzeClasses(
        packages = "org.patchreel",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.DoNotIncludeFixtures.class})
class ArchitectureTest {
    private static final String ALL = "org.patchreel.impl..";
    private static final String MEDIA = "org.patchreel.impl.media..";
    private static final String C2PA = "org.patchreel.impl.c2pa..";

    /** Of the module provenance, and what it stands on. */
    private static final String[] PROVENANCE_AND_BELOW = {
        MEDIA,
        C2PA,
        "org.patchreel.impl.fingerprint..",
        "org.patchreel.impl.ownership..",
        "org.patchreel.impl.provenance..",
        "org.patchreel.impl.signing..",
        "org.patchreel.impl.sqlite..",
        "org.patchreel.impl.verify..",
        "org.patchreel.impl.watermark.."
    };

    /** The test jars of the modules. */
    static final class DoNotIncludeFixtures implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule mediaKnowsNoOtherPart = classes()
            .that()
            .resideInAPackage(MEDIA)
            .should()
            .onlyDependOnClassesThat(resideOutsideOfPackage(ALL).or(resideInAPackage(MEDIA)));

    @ArchTest
    static final ArchRule c2paKnowsNoOtherPart = classes()
            .that()
            .resideInAPackage(C2PA)
            .should()
            .onlyDependOnClassesThat(resideOutsideOfPackage(ALL).or(resideInAPackage(C2PA)));

    @ArchTest
    static final ArchRule provenanceKnowsNothingOfTheService = classes()
            .that()
            .resideInAnyPackage(PROVENANCE_AND_BELOW)
            .should()
            .onlyDependOnClassesThat(resideOutsideOfPackage(ALL).or(resideInAnyPackage(PROVENANCE_AND_BELOW)));

    @ArchTest
    static final ArchRule ffmpegStaysInMedia = noClasses()
            .that()
            .resideOutsideOfPackage(MEDIA)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.patchreel.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule classesAreNamedForWhatTheyDo =
            noClasses().should().haveNameMatching(".*(Util|Helper|Common).*");

    @ArchTest
    static final ArchRule theModelRuntimeIsMetInTheServiceRegistry =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.patchreel.runtime..");

    @ArchTest
    static final ArchRule theApiKnowsNoImplementation = noClasses()
            .that()
            .resideInAnyPackage("org.patchreel.api..", "org.patchreel.spi..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ALL);
}
