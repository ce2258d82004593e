package org.patchreel.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.patchreel.policy", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final DescribedPredicate<JavaClass> OTHERS_OF_PATCHREEL = JavaClass.Predicates.resideInAPackage(
                    "org.patchreel..")
            .and(JavaClass.Predicates.resideOutsideOfPackages(
                    "org.patchreel.policy..", "org.patchreel.api", "org.patchreel.spi"))
            .as("are Patchreel's but not of the API or the SPI");

    @ArchTest
    static final ArchRule ofPatchreelOnlyTheApiAndTheSpiAreSeen =
            noClasses().should().dependOnClassesThat(OTHERS_OF_PATCHREEL);

    @ArchTest
    static final ArchRule nothingButThePlatformTheFrameworkTheConsoleJacksonAndTheLogIsNeeded = noClasses()
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideOutsideOfPackages(
                            "java..",
                            "javax.imageio..",
                            "org.patchreel..",
                            "org.osgi..",
                            "org.apache.felix.service.command..",
                            "org.slf4j..",
                            "org.jspecify..",
                            "com.fasterxml.jackson..")
                    .as("belong to another library"));

    @ArchTest
    static final ArchRule classesAreNamedForWhatTheyDo =
            noClasses().should().haveNameMatching(".*(Util|Helper|Common).*");
}
