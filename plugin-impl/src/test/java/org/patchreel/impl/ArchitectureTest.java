package org.patchreel.impl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.patchreel", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule ffmpegStaysInMedia = noClasses()
            .that()
            .resideOutsideOfPackage("org.patchreel.impl.media..")
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
            .resideInAPackage("org.patchreel.impl..");
}
