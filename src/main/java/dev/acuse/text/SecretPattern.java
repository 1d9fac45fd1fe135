package dev.acuse.text;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds a {@link Secret} to the {@link Pattern} that it is annotated with. The validation finds
 * this class by {@code META-INF/services}.
 */
public final class SecretPattern implements ConstraintValidator<Pattern, Secret> {
  private java.util.regex.Pattern pattern = java.util.regex.Pattern.compile("");

  @Override
  public void initialize(Pattern annotation) {
    this.pattern = java.util.regex.Pattern.compile(annotation.regexp());
  }

  @Override
  public boolean isValid(@Nullable Secret secret, ConstraintValidatorContext context) {
    return secret == null || pattern.matcher(secret.reveal()).matches();
  }
}
