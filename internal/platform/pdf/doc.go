// Package pdf writes printable documents in Chinese: A4 pages with a title, paragraphs, facts, tables and QR codes.
//
// Lines break as Chinese is set: between Han characters, never inside a word or number, no closing mark at the start of a
// line and no opening one at its end; full lines end at the margin. The font is Noto Sans SC (OFL, see font/LICENSE), in two
// parts: the characters of GB 2312 with signs, and the other 20,000 Han of Unicode's first blocks, which is unpacked only
// where a document needs it. What stands in neither is printed as 〓, so that nobody takes it for nothing.
//
// The same document has the same bytes.
package pdf
