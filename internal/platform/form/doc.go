// Package form reads what a person typed and gives it back when something is wrong, so that nothing typed is lost.
//
//	f := form.Read(r)                     // never fails: what cannot be read is an error of the form
//	f.Need("name", "price")
//	in := Input{Name: f.Text("name"), Price: f.Fen("price"), Day: f.Date("day")}
//	if f.OK() {
//		err = s.Create(ctx, in)
//		if err == nil {
//			return web.SeeOther(w, r, "/desk/things", "已保存")
//		}
//		if !f.Fail(err) {             // a fault a person can mend is shown in the form, any other goes on
//			return err
//		}
//	}
//	return web.Page(w, r, f.Status(), page(f))
//
// A first showing uses form.Of(map[string]string{"day": today}). The components of package ui take the form and the
// name of a field and show value and error. Sentences are Chinese; their English is in English.
package form

import _ "embed"

// English is the English of this package's sentences, for i18n.New.
//
//go:embed en.json
var English []byte
