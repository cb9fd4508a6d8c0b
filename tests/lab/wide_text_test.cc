// UTF-8 to 16-bit characters: RFC 3629, RFC 2781.
#include <gtest/gtest.h>

#include "lab/wide_text.h"

namespace ssx::lab {
namespace {

TEST(WideText, EachLengthOfUtf8BecomesItsCharacter) {
  EXPECT_EQ(to_utf16(""), u"");
  EXPECT_EQ(to_utf16("host/a"), u"host/a");
  EXPECT_EQ(to_utf16("\xc3\xa4"), u"\u00e4");
  EXPECT_EQ(to_utf16("\xe2\x82\xac"), u"\u20ac");
  EXPECT_EQ(to_utf16("\xf0\x90\x8d\x88"), u"\U00010348");
  EXPECT_EQ(to_utf16("\xf4\x8f\xbf\xbf"), u"\U0010ffff") << "the last code point";
}

TEST(WideText, TheOctetZeroIsACharacter) {
  EXPECT_EQ(to_utf16(std::string_view("a\0b", 3)), std::u16string(u"a\0b", 3));
}

// RFC 3629 3 and 10: overlong forms, surrogates, values beyond U+10FFFF and stray octets are no UTF-8.
TEST(WideText, MalformedUtf8BecomesTheReplacementCharacter) {
  EXPECT_EQ(to_utf16("\xff"), u"\ufffd");
  EXPECT_EQ(to_utf16("a\x80z"), u"a\ufffdz") << "a continuation without a start";
  EXPECT_EQ(to_utf16("\xc3"), u"\ufffd") << "the text ends within a character";
  EXPECT_EQ(to_utf16("\xe2\x82z"), u"\ufffdz") << "the octet that breaks a character is read again";
  EXPECT_EQ(to_utf16("\xe0\x80\x80"), u"\ufffd") << "overlong";
  EXPECT_EQ(to_utf16("\xed\xa0\x80"), u"\ufffd") << "a surrogate";
  EXPECT_EQ(to_utf16("\xf4\x90\x80\x80"), u"\ufffd") << "beyond U+10FFFF";
  EXPECT_EQ(to_utf16("\xc0\xaf"), u"\ufffd\ufffd") << "C0 never stands in UTF-8";
}

}  // namespace
}  // namespace ssx::lab
