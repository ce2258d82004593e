package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HelpWidthTest {

    private static final int COLUMNS = 80;

    @Test
    void whatCommandsSayOfThemselvesFitsATerminal() throws Exception {
        List<String> texts = texts();
        assertTrue(texts.size() > 15, "texts: " + texts.size());
        List<String> wide = texts.stream()
                .flatMap(String::lines)
                .filter(line -> line.length() > COLUMNS)
                .toList();
        assertEquals(List.of(), wide);
    }

    /** The constants of several lines. */
    private static List<String> texts() throws ReflectiveOperationException {
        List<String> texts = new ArrayList<>();
        for (JavaClass each : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(HelpWidthTest.class.getPackageName())) {
            for (Field field : each.reflect().getDeclaredFields()) {
                if (field.getType() == String.class && Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    if (field.get(null) instanceof String text && text.contains("\n")) {
                        texts.add(text);
                    }
                }
            }
        }
        return texts;
    }
}
