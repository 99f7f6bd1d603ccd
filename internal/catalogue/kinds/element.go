//i18n:data names of a standard's elements, kept in both languages side by side

package kinds

// Element is one element of the core metadata standard and where a record has it.
type Element struct {
	ZH, EN string
	From   string // how it is kept here, in words of the code
}

// ElementsSource says which standard the elements are of, and how much of it is known.
const ElementsSource = "GB/T 30523-2023 科技资源核心元数据：按其公开目录；目录以外的元素未公开，未列入。"

// Elements are the elements of GB/T 30523 that its public table of contents names. A field says which one it carries; two
// are kept with every record and are no field.
func Elements() []Element {
	return []Element{
		{"标识符", "Identifier", "Resource.ID, Resource.Identifiers; field source_id"},
		{"资源名称", "Resource name", "fields name_zh, name_en"},
		{"描述", "Description", "field summary"},
		{"关键词", "Keywords", "field keywords"},
		{"生成日期", "Date of creation", "fields published, established, completed; else Resource.CreatedAt"},
		{"注册日期", "Date of registration", "Resource.CreatedAt"},
	}
}

// ClassLabel finds the names of a class of any kind but instruments.
func ClassLabel(code string) (Choice, bool) {
	for _, list := range [][]Choice{ServiceClasses(), BaseTypes(), ProfessionalClasses(), InvestorTypes(), AchievementTypes(), LiteratureTypes(), StandardTypes()} {
		for _, c := range list {
			if c.Value == code {
				return c, true
			}
		}
	}
	return Choice{}, false
}
