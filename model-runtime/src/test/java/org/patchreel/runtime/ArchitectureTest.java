package org.patchreel.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.patchreel", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule theEnginesInternalsStayInTorch = noClasses()
            .that()
            .resideOutsideOfPackage("org.patchreel.runtime.torch..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.djl.pytorch..", "ai.djl.engine..");

    @ArchTest
    static final ArchRule weightsKnowNoEngine = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.patchreel.runtime.weights..",
                    "org.patchreel.runtime.checkpoint..",
                    "org.patchreel.runtime.adapter..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule familiesAreNamedInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("org.patchreel.runtime.family.*..")
            .and()
            .doNotHaveSimpleName("ModelRuntime")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.patchreel.runtime.family.*..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.patchreel.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule classesAreNamedForWhatTheyDo =
            noClasses().should().haveNameMatching(".*(Util|Helper|Common).*");

    @ArchTest
    static final ArchRule thePluginIsMetInTheServiceRegistry =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.patchreel.impl..");
}
