//i18n:data texts of the invented pictures

package demo

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
)

// pictureFiles are drawings of our own, each rendered from the SVG beside it. They show what a thing of its class looks like,
// never the thing itself, and say so.
//
//go:embed pictures/*.jpg
var pictureFiles embed.FS

// picture is the drawing of an instrument by the first digits of its class; "" where none fits.
func picture(class, name string) string {
	for _, box := range []string{"箱", "舱", "暗室", "氙灯"} {
		if strings.Contains(name, box) {
			return "chamber"
		}
	}
	for _, known := range []struct{ class, file string }{
		{"0101", "electron"}, {"0108", "electron"}, {"0105", "chromatography"}, {"0110", "bench"}, {"0112", "bench"}, {"0107", "bench"},
		{"01", "spectrum"}, {"0203", "metrology"}, {"0205", "spectrum"}, {"02", "tension"}, {"0303", "tension"}, {"0307", "spectrum"},
		{"03", "metrology"}, {"08", "electronics"}, {"1101", "spectrum"}, {"1102", "electronics"},
	} {
		if strings.HasPrefix(class, known.class) {
			return known.file
		}
	}
	return ""
}

// pictures puts a drawing to the instruments of the three largest laboratories, to the facilities and to the bases.
func (l loader) pictures(ctx context.Context) error {
	n := 0
	all, err := organisations()
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Capacity != identity.CapacityProvider {
			continue
		}
		owner := o.Key
		ctx, by, err := l.as(ctx, keeper(owner))
		if err != nil {
			return err
		}
		owned, err := l.Catalogue.Owned(ctx, l.DB, by.Org)
		if err != nil {
			return err
		}
		for _, r := range owned {
			file := map[string]string{"facility": "facility", "base": "base"}[r.Kind]
			if r.Kind == "instrument" && (owner == "nanhu" || owner == "xiuzhou" || owner == "qingpu") {
				file = picture(r.Class, r.NameZH)
			}
			if file == "" {
				continue
			}
			data, err := pictureFiles.ReadFile("pictures/" + file + ".jpg")
			if err != nil {
				return fmt.Errorf("read the picture %s: %w", file, err)
			}
			_, err = l.Catalogue.AddFile(ctx, by, r.ID, "demo/picture/"+r.ID, catalogue.Upload{Name: file + ".jpg", Title: "示意图：" + strings.TrimPrefix(r.NameZH, mark) + "（虚构，非实物照片）", Body: bytes.NewReader(data)})
			if err != nil {
				return fmt.Errorf("picture of %s: %w", r.NameZH, err)
			}
			n++
		}
	}
	l.tell("pictures", n, n)
	return nil
}
