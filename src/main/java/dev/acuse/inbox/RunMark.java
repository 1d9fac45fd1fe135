package dev.acuse.inbox;

/**
 * What runs.
 *
 * @param version of the program; at most 64 characters
 * @param settings the same for instances that have the same tokens and call the same accounts, and
 *     nothing else: none of them can be told from it; at most 64 characters
 * @param accountsVersion of the accounts that it has read; 0 if it knows none but {@code main} yet
 */
public record RunMark(String version, String settings, long accountsVersion) {}
