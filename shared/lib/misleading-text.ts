/**
 * Source of a character class, for `u` regular expressions, of characters that hide in a text from outside or reverse it: control
 * characters, line separators, lone surrogates, invisible format marks and tags, and letters that draw nothing. It leaves out the
 * two joiners (U+200C, U+200D) that words and emoji need, and the Arabic and Syriac signs that are drawn.
 */
export const misleadingCharacter =
  '(?![\\u200c\\u200d\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2])' +
  '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u2800\\u3164\\uffa0\\u{e0000}-\\u{e00ff}]';
