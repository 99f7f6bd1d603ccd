//i18n:data labels of fields, kept in both languages side by side

package kinds

// AchievementTypes are the forms of a result that can be passed on.
func AchievementTypes() []Choice {
	return []Choice{
		{"technology", "新技术", "Technology", []string{"技术"}}, {"process", "新工艺", "Process", []string{"工艺"}}, {"new-product", "新产品", "Product", []string{"产品", "样品", "样机"}}, {"equipment", "新设备", "Equipment", []string{"新装备"}}, {"material", "新材料", "Material", nil},
		{"software", "软件", "Software", []string{"软件系统"}}, {"variety", "新品种", "Plant or animal variety", []string{"动植物新品种"}}, {"drug", "新药与医疗器械", "Drug or medical device", nil}, {"soft-science", "软科学成果", "Study", nil}, {"other-achievement", "其他成果", "Other", []string{"其他", "其它"}},
	}
}

// achievement is a result and the offer to pass it on.
func achievement() []Field {
	return []Field{
		{Name: "class", ZH: "成果类型", EN: "Type of achievement", Type: One, Core: true, Facet: true, Wanted: true, Group: "basic", Choices: AchievementTypes(), Also: []string{"achievement type"}},
		subjects(), industries(), authors(),
		{Name: "holders", ZH: "完成单位", EN: "Made by", Type: List, Items: 20, Max: 150, Group: "basic", Also: []string{"权利人", "holders"}},
		{Name: "completed", ZH: "完成日期", EN: "Completed", Type: Month, Element: "生成日期", Group: "basic", Also: []string{"成果完成时间"}},
		{Name: "maturity", ZH: "技术成熟度", EN: "Readiness level", Type: One, Facet: true, Wanted: true, Group: "technical", Choices: readiness(), Also: []string{"TRL", "成熟度"}},
		{Name: "advantages", ZH: "创新点与优势", EN: "What is new", Type: Long, Max: 1000, Group: "technical", Also: []string{"创新点"}},
		{Name: "application", ZH: "应用场景", EN: "Applications", Type: Long, Max: 1000, Group: "technical", Also: []string{"应用领域"}},
		{Name: "indicators", ZH: "主要指标", EN: "Key figures", Type: Long, Max: 1000, Group: "technical", Also: []string{"技术指标"}},
		{Name: "cases", ZH: "应用案例", EN: "Where it is used", Type: Long, Max: 1000, Group: "technical"},
		{Name: "awards", ZH: "获奖与鉴定", EN: "Awards and assessments", Type: List, Items: 20, Max: 150, Group: "technical"},
		{Name: "rights", ZH: "权利类型", EN: "Kinds of rights", Type: Many, Items: 8, Facet: true, Group: "rights", Choices: []Choice{
			{"invention", "发明专利", "Invention patent", nil}, {"utility-model", "实用新型专利", "Utility model", []string{"实用新型"}}, {"design-patent", "外观设计专利", "Design patent", nil}, {"software-copyright", "软件著作权", "Software copyright", []string{"软著"}},
			{"secret", "技术秘密", "Know-how", []string{"专有技术"}}, {"plant-variety", "植物新品种权", "Plant variety right", nil}, {"layout", "集成电路布图设计", "Layout design", nil}, {"no-right", "无", "None", nil}}},
		{Name: "patents", ZH: "知识产权", EN: "Intellectual property", Type: List, Items: 30, Max: 60, Group: "rights", HintZH: "专利号、登记号，用逗号分隔。", HintEN: "Patent and registration numbers; separate by commas.", Also: []string{"专利号"}},
		{Name: "transfer", ZH: "转化方式", EN: "Ways of transfer", Type: Many, Items: 8, Facet: true, Wanted: true, Group: "rights", Also: []string{"拟转化方式", "合作方式"}, Choices: []Choice{
			{"assignment", "转让", "Assignment", []string{"技术转让", "完全转让"}}, {"exclusive", "独占许可", "Exclusive licence", nil}, {"sole", "排他许可", "Sole licence", nil}, {"licence", "普通许可", "Licence", []string{"许可", "许可使用"}}, {"open-licence", "开放许可", "Open licence", nil},
			{"shares", "作价入股", "Contribution in kind", []string{"入股", "技术入股"}}, {"co-development", "合作开发", "Joint development", []string{"合作转化"}}, {"technical-service", "技术服务", "Technical service", []string{"技术咨询"}}}},
		{Name: "asking", ZH: "意向价格", EN: "Asking price", Type: Wan, Group: "rights", UnitZH: "万元", UnitEN: "× ¥10,000", HintZH: "面议的可以留空。", HintEN: "May be left empty where it is negotiable.", Also: []string{"转让价格", "报价"}},
		{Name: "negotiable", ZH: "价格面议", EN: "Negotiable", Type: Flag, Group: "rights", Also: []string{"面议"}},
	}
}

func readiness() []Choice {
	out := make([]Choice, 0, 9)
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		out = append(out, Choice{Value: n, ZH: n + " 级", EN: "TRL " + n, Also: []string{"TRL" + n}})
	}
	return out
}

// InvestorTypes are the institutions that finance technology enterprises.
func InvestorTypes() []Choice {
	return []Choice{
		{"angel", "天使投资", "Angel investor", []string{"天使"}}, {"venture", "创业投资", "Venture capital", []string{"风险投资", "VC", "创投"}}, {"equity", "股权投资", "Private equity", []string{"PE", "私募股权"}}, {"guidance-fund", "政府引导基金", "Government guidance fund", []string{"引导基金"}}, {"corporate", "产业资本", "Corporate investor", []string{"CVC", "产业基金"}},
		{"bank", "银行", "Bank", []string{"科技支行"}}, {"guarantee", "融资担保", "Guarantor", []string{"担保"}}, {"insurer", "科技保险", "Insurer", []string{"保险"}}, {"leasing", "融资租赁", "Leasing", []string{"租赁"}}, {"exchange", "产权与股权交易", "Exchange", []string{"技术交易所"}}, {"other-investor", "其他金融服务", "Other", []string{"其他", "其它"}},
	}
}

// investor is what a firm has to know before it asks for money.
func investor() []Field {
	return []Field{
		{Name: "class", ZH: "机构类型", EN: "Type of investor", Type: One, Core: true, Facet: true, Wanted: true, Group: "basic", Choices: InvestorTypes(), Also: []string{"investor type"}},
		{Name: "stages", ZH: "投资阶段", EN: "Stages", Type: Many, Items: 7, Facet: true, Wanted: true, Group: "service", Also: []string{"阶段", "轮次", "stage"}, Choices: []Choice{
			{"seed", "种子期", "Seed", []string{"种子", "天使轮"}}, {"start-up", "初创期", "Start-up", []string{"初创", "Pre-A轮", "A轮"}}, {"growth", "成长期", "Growth", []string{"成长", "B轮", "C轮"}}, {"expansion", "扩张期", "Expansion", []string{"扩张"}}, {"mature", "成熟期", "Mature", []string{"成熟", "Pre-IPO"}}, {"buy-out", "并购", "Buy-out", nil}}},
		sectors(),
		{Name: "ticket_min", ZH: "单笔金额下限", EN: "Smallest ticket", Type: Wan, Wanted: true, Group: "service", UnitZH: "万元", UnitEN: "× ¥10,000", Also: []string{"最低投资额", "ticket min"}},
		{Name: "ticket_max", ZH: "单笔金额上限", EN: "Largest ticket", Type: Wan, Wanted: true, Group: "service", UnitZH: "万元", UnitEN: "× ¥10,000", Also: []string{"最高投资额", "ticket max"}},
		{Name: "finance_ways", ZH: "融资方式", EN: "Instruments", Type: Many, Items: 7, Facet: true, Group: "service", Choices: []Choice{
			{"shareholding", "股权", "Equity", []string{"股权投资"}}, {"convertible", "可转债", "Convertible", nil}, {"loan-credit", "信用贷款", "Unsecured loan", []string{"贷款", "信用贷"}}, {"loan-ip", "知识产权质押贷款", "Loan on IP", []string{"知识产权质押"}}, {"surety", "担保", "Guarantee", nil}, {"insurance", "保险", "Insurance", nil}, {"lease", "租赁", "Lease", nil}}},
		{Name: "fund_size", ZH: "管理规模", EN: "Under management", Type: Wan, Group: "basic", UnitZH: "万元", UnitEN: "× ¥10,000", Also: []string{"基金规模", "fund size"}},
		{Name: "portfolio", ZH: "投资案例", EN: "Portfolio", Type: List, Items: 40, Max: 100, Group: "technical", Also: []string{"portfolio"}},
		{Name: "covers", ZH: "投资地域", EN: "Where it invests", Type: List, Items: 20, Max: 60, Group: "service"},
		{Name: "conditions", ZH: "基本条件", EN: "Conditions", Type: Long, Max: 1000, Group: "service"},
		{Name: "registered_no", ZH: "备案编号", EN: "Registration", Type: Text, Max: 60, Group: "basic", HintZH: "例如基金业协会备案编号。", HintEN: "For example with the Asset Management Association."},
		postal(),
	}
}

func sectors() Field {
	return Field{Name: "sectors", ZH: "投资领域", EN: "Sectors", Type: List, Items: 20, Max: 60, Facet: true, Wanted: true, Group: "technical", Also: []string{"主要学科领域", "sectors", "subjects"}}
}
