// Package i18n speaks Chinese and English, gettext style: the Chinese sentence in the code is the key.
//
// A module keeps its English in en.json ({"中文": "English"}); the application merges those files into one
// Catalog and puts it, with the language of the request, into the context. There is no global catalogue:
//
//	t(ctx, "共 {0} 台", n)                    // var t = i18n.T
//	{"共 {0} 台": "{0} {0|instrument|instruments}"}
//
// {0} is the first argument; {0|one|many} chooses an English form by the number in the first argument. Whole
// numbers are grouped by three, so pass a year or a number that people say digit by digit as a string.
// A sentence without English is shown in Chinese; Untranslated finds each of them, and a test fails on it.
package i18n
