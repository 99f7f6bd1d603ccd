//i18n:data labels of fields, kept in both languages side by side

package kinds

// LiteratureTypes are the kinds of documents.
func LiteratureTypes() []Choice {
	return []Choice{
		{"paper", "论文", "Paper", []string{"期刊论文", "会议论文", "article"}}, {"thesis", "学位论文", "Thesis", nil}, {"report", "科技报告", "Report", []string{"报告"}},
		{"patent-document", "专利文献", "Patent document", []string{"专利"}}, {"book", "图书", "Book", []string{"专著"}}, {"journal", "期刊", "Journal", nil}, {"collection", "文献数据库", "Database of literature", []string{"数据库"}}, {"other-literature", "其他文献", "Other literature", []string{"其他", "其它"}},
	}
}

func literature() []Field {
	return append([]Field{
		{Name: "class", ZH: "文献类型", EN: "Type of document", Type: One, Core: true, Facet: true, Wanted: true, Group: "basic", Choices: LiteratureTypes(), Also: []string{"document type"}},
		subjects(), authors(),
		{Name: "identifier", ZH: "文献标识", EN: "Document number", Type: Text, Max: 200, Group: "basic", HintZH: "ISBN、ISSN、专利号等；DOI 和 CSTR 请填在永久标识中。", HintEN: "ISBN, ISSN, patent number; DOI and CSTR go into the persistent ids.", Also: []string{"标识", "isbn", "issn"}},
		{Name: "container", ZH: "刊名或文集", EN: "Published in", Type: Text, Max: 200, Group: "basic", Also: []string{"期刊名称", "来源", "journal"}},
		published(), publisher(), original(),
		{Name: "full_text", ZH: "原文获取", EN: "Full text", Type: One, Facet: true, Group: "service", Choices: []Choice{{"open-text", "开放获取", "Open access", []string{"开放"}}, {"delivered", "可传递原文", "Delivered on order", []string{"原文传递"}}, {"on-site", "馆内阅览", "Read on site", nil}, {"abstract", "仅有文摘", "Abstract only", nil}}},
	}, terms()...)
}

// StandardTypes are the levels of standards in China's law, and those from outside.
func StandardTypes() []Choice {
	return []Choice{
		{"gb", "国家标准", "National standard", []string{"国标", "GB"}}, {"sector", "行业标准", "Sector standard", []string{"行标"}}, {"local", "地方标准", "Local standard", []string{"地标", "DB"}},
		{"association", "团体标准", "Association standard", []string{"团标"}}, {"company", "企业标准", "Company standard", []string{"企标"}}, {"international", "国际标准", "International standard", []string{"ISO", "IEC"}}, {"foreign", "国外标准", "Foreign standard", []string{"ASTM", "DIN"}}, {"metrology", "计量技术规范", "Metrology code", []string{"JJF", "JJG"}},
	}
}

func standard() []Field {
	return append([]Field{
		{Name: "class", ZH: "标准类型", EN: "Type of standard", Type: One, Core: true, Facet: true, Wanted: true, Group: "basic", Choices: StandardTypes(), Also: []string{"标准级别", "standard type"}},
		{Name: "identifier", ZH: "标准号", EN: "Number of the standard", Type: Text, Max: 100, Wanted: true, Group: "basic", HintZH: "例如 GB/T 228.1-2021。", HintEN: "For example GB/T 228.1-2021.", Also: []string{"标识", "标准编号", "standard no"}},
		{Name: "standard_state", ZH: "标准状态", EN: "State", Type: One, Facet: true, Group: "basic", Choices: []Choice{{"in-force", "现行", "In force", nil}, {"coming", "即将实施", "Comes into force", nil}, {"abolished", "废止", "Abolished", []string{"作废"}}, {"draft-standard", "在研", "In preparation", []string{"制定中"}}}},
		published(),
		{Name: "in_force", ZH: "实施日期", EN: "In force from", Type: Date, Group: "basic"},
		{Name: "replaces", ZH: "代替标准", EN: "Replaces", Type: List, Items: 20, Max: 100, Group: "basic"},
		{Name: "ics", ZH: "国际标准分类号", EN: "ICS", Type: Text, Max: 30, Group: "basic", Also: []string{"ICS"}},
		{Name: "ccs", ZH: "中国标准分类号", EN: "CCS", Type: Text, Max: 30, Group: "basic", Also: []string{"CCS"}},
		{Name: "drafters", ZH: "起草单位", EN: "Drafted by", Type: List, Items: 40, Max: 100, Group: "basic", Also: []string{"作者", "authors"}},
		{Name: "committee", ZH: "归口单位", EN: "Committee", Type: Text, Max: 150, Group: "basic"},
		subjects(), industries(), original(),
	}, terms()...)
}

func dataset() []Field {
	return append([]Field{
		subjects(), authors(), publisher(), published(),
		{Name: "identifier", ZH: "数据编号", EN: "Number of the dataset", Type: Text, Max: 200, Group: "basic", Also: []string{"标识"}},
		{Name: "version", ZH: "版本", EN: "Version", Type: Text, Max: 30, Group: "basic", Also: []string{"version"}},
		{Name: "formats", ZH: "数据格式", EN: "Formats", Type: List, Items: 10, Max: 30, Facet: true, Group: "technical", HintZH: "例如 CSV、NetCDF、GeoTIFF。", HintEN: "For example CSV, NetCDF, GeoTIFF.", Also: []string{"format"}},
		{Name: "volume", ZH: "数据量", EN: "Volume", Type: Text, Max: 60, Group: "technical", HintZH: "例如 12 GB、35 万条。", HintEN: "For example 12 GB, 350,000 records."},
		{Name: "variables", ZH: "观测量或指标", EN: "Variables", Type: List, Items: 40, Max: 60, Group: "technical"},
		{Name: "period", ZH: "时间范围", EN: "Period covered", Type: Text, Max: 60, Group: "technical", HintZH: "例如 2010-01 至 2020-12。", HintEN: "For example 2010-01 to 2020-12."},
		{Name: "coverage", ZH: "空间范围", EN: "Area covered", Type: Text, Max: 200, Group: "technical"},
		{Name: "updates", ZH: "更新频率", EN: "Updated", Type: One, Group: "technical", Choices: []Choice{{"once", "一次性", "Once", nil}, {"daily", "每日", "Daily", nil}, {"monthly", "每月", "Monthly", nil}, {"yearly", "每年", "Yearly", nil}, {"irregular", "不定期", "Irregularly", nil}}},
		{Name: "data_access", ZH: "共享方式", EN: "Access", Type: One, Facet: true, Wanted: true, Group: "service", Choices: []Choice{{"open-data", "完全开放", "Open", []string{"开放"}}, {"registered", "登录后开放", "After signing in", nil}, {"on-request", "申请后使用", "On request", []string{"申请"}}, {"restricted", "暂不开放", "Closed", []string{"不共享"}}}},
		{Name: "data_licence", ZH: "数据许可", EN: "Licence", Type: Text, Max: 100, Group: "service", HintZH: "例如 CC BY 4.0。", HintEN: "For example CC BY 4.0."},
		{Name: "citation", ZH: "引用格式", EN: "How to cite", Type: Long, Max: 500, Group: "service"},
	}, terms()...)
}

func authors() Field {
	return Field{Name: "authors", ZH: "作者", EN: "Authors", Type: List, Items: 50, Max: 100, Group: "basic", Also: []string{"完成人", "authors", "author"}}
}

func published() Field {
	return Field{Name: "published", ZH: "发布日期", EN: "Published", Type: Date, Element: "生成日期", Group: "basic", Also: []string{"出版日期", "published"}}
}

func publisher() Field {
	return Field{Name: "publisher", ZH: "发布单位", EN: "Publisher", Type: Text, Max: 150, Group: "basic", Also: []string{"出版社", "publisher"}}
}

func original() Field {
	return Field{Name: "written_in", ZH: "文种", EN: "Written in", Type: Many, Items: 5, Facet: true, Group: "basic", Choices: Languages(), Also: []string{"语种", "language"}}
}

func terms() []Field {
	return []Field{{Name: "terms", ZH: "使用条件", EN: "Terms of use", Type: Long, Max: 500, Group: "service"}}
}
