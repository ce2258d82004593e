package org.patchreel.web;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.patchreel", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final DescribedPredicate<JavaClass> OTHERS_OF_PATCHREEL = JavaClass.Predicates.resideInAPackage(
                    "org.patchreel..")
            .and(JavaClass.Predicates.resideOutsideOfPackages(
                    "org.patchreel.web..", "org.patchreel.api", "org.patchreel.spi"))
            .as("are Patchreel's but not of the API or the SPI");

    @ArchTest
    static final ArchRule ofPatchreelOnlyTheApiAndTheSpiAreSeen = noClasses()
            .that()
            .resideInAPackage("org.patchreel.web..")
            .should()
            .dependOnClassesThat(OTHERS_OF_PATCHREEL);

    @ArchTest
    static final ArchRule theExchangeKnowsNoInterfaceOverIt = noClasses()
            .that()
            .resideInAPackage("org.patchreel.web.http")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("org.patchreel.web..")
                    .and(JavaClass.Predicates.resideOutsideOfPackage("org.patchreel.web.http")));

    @ArchTest
    static final ArchRule servletsAreKnownToTheirAdaptersAlone = noClasses()
            .that()
            .haveNameNotMatching(".*Servlet(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.servlet..", "jakarta.servlet..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.patchreel.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule classesAreNamedForWhatTheyDo =
            noClasses().should().haveNameMatching(".*(Util|Helper|Common).*");
}
