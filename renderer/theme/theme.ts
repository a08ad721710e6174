import { ActionIcon, Button, createTheme, Menu, Modal, PasswordInput, Select, TextInput, Tooltip } from '@mantine/core';

/** Dense sizes and quiet colours on top of the component library; the colours themselves stand in base.css. */
export const theme = createTheme({
  primaryColor: 'harbor',
  primaryShade: { light: 6, dark: 5 },
  autoContrast: true,
  defaultRadius: 6,
  cursorType: 'default',
  fontFamily: "-apple-system, BlinkMacSystemFont, 'Segoe UI Variable Text', 'Segoe UI', Cantarell, Ubuntu, 'Noto Sans', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: '11px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.45', lg: '1.4', xl: '1.3' },
  spacing: { xs: '6px', sm: '10px', md: '14px', lg: '20px', xl: '28px' },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '22px' }, h2: { fontSize: '17px' }, h3: { fontSize: '14px' } } },
  colors: {
    harbor: ['#eaf2fd', '#d3e3f8', '#a6c6f0', '#76a7e8', '#4d8de0', '#3b7fdb', '#1f66c9', '#1857ae', '#134a97', '#0c3a79'],
    dark: ['#d5d8dd', '#b4b9c1', '#949aa5', '#6d7480', '#454b55', '#363b44', '#282c33', '#1f2227', '#17191d', '#101215'],
    gray: ['#f7f8f9', '#f0f1f4', '#e5e8ec', '#d9dce1', '#c3c8d0', '#a2a9b4', '#7a828f', '#59616d', '#3d444e', '#23272e'],
  },
  components: {
    Button: Button.extend({ defaultProps: { size: 'sm' }, styles: { root: { '--button-height': '32px', fontWeight: 500 } } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 28 }, classNames: { root: 'sw-icon-button' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'sm' }, styles: { input: { '--input-height': '32px' } } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'sm' } }),
    Select: Select.extend({ defaultProps: { size: 'sm', allowDeselect: false } }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', transitionProps: { duration: 80 }, withinPortal: true } }),
    Modal: Modal.extend({
      styles: { content: { backgroundColor: 'var(--sw-dialog)' }, header: { backgroundColor: 'var(--sw-dialog)' }, title: { fontWeight: 600 } },
      defaultProps: {
        centered: true,
        radius: 10,
        transitionProps: { duration: 100 },
        overlayProps: { backgroundOpacity: 0.35 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { withArrow: false, transitionProps: { duration: 80 }, maw: 420, multiline: true, fz: 12 },
    }),
  },
});
