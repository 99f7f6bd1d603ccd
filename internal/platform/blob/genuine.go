package blob

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// beginnings are what files of a kind begin with, by the end of their names. Office files, OFD and ZIP are all ZIP archives.
func beginnings() map[string][]string {
	zip, ole := "PK\x03\x04", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	return map[string][]string{
		".pdf": {"%PDF-"}, ".png": {"\x89PNG\r\n\x1a\n"}, ".jpg": {"\xff\xd8\xff"}, ".jpeg": {"\xff\xd8\xff"}, ".gif": {"GIF8"},
		".tif": {"II*\x00", "MM\x00*"}, ".tiff": {"II*\x00", "MM\x00*"},
		".zip": {zip, "PK\x05\x06"}, ".docx": {zip}, ".xlsx": {zip}, ".pptx": {zip}, ".ofd": {zip},
		".doc": {ole}, ".xls": {ole}, ".ppt": {ole},
	}
}

// Sniffed is how many bytes Genuine wants to see.
const Sniffed = 1024

// Genuine tells whether a file is what its name says, by how it begins; of names it does not know it believes everything
// but that the file is empty.
func Genuine(name string, head []byte) bool {
	if len(head) == 0 {
		return false
	}
	known := beginnings()[strings.ToLower(path.Ext(name))]
	if known == nil {
		return true
	}
	if strings.EqualFold(path.Ext(name), ".pdf") && bytes.Contains(head, []byte("%PDF-")) {
		return true // readers take up to 1,024 bytes before it (ISO 32000-1, annex H)
	}
	return slices.ContainsFunc(known, func(b string) bool { return bytes.HasPrefix(head, []byte(b)) })
}
